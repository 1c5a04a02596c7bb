import { Link } from '@tanstack/react-router';

/** The head of a screen on which a room is asked: the way back to the room, and what is asked here. */
export function RoomHead(props: {
  readonly room: string;
  readonly purpose: string;
  readonly title: string;
  readonly about: string;
}) {
  const { room, purpose, title, about } = props;
  return (
    <div>
      <p className="fine">
        <Link to="/rooms/$room" params={{ room }}>
          {purpose}
        </Link>
      </p>
      <h1>{title}</h1>
      <p className="about">{about}</p>
    </div>
  );
}
